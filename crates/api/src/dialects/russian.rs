//! Which rule a field breaks, in Russian: no contract quotes these words.

use domain::{CharacterClass, Rule};

pub(super) const fn say_rule(rule: &Rule) -> &'static str {
    match rule {
        Rule::Required => "поле обязательно",
        Rule::TooShort { .. } => "слишком короткое значение",
        Rule::TooLong { .. } => "слишком длинное значение",
        Rule::ForbiddenCharacter => "недопустимые символы",
        Rule::MissingClass(CharacterClass::Lower) => "нужна хотя бы одна строчная буква",
        Rule::MissingClass(CharacterClass::Upper) => "нужна хотя бы одна заглавная буква",
        Rule::MissingClass(CharacterClass::Digit) => "нужна хотя бы одна цифра",
        Rule::MissingClass(CharacterClass::Dash) => "нужен символ - или _",
        Rule::NotAnEmail => "некорректный адрес электронной почты",
        Rule::NotAPhone => "некорректный номер телефона",
        Rule::LooksLikeEmail => "имя не может быть похоже на адрес электронной почты",
        Rule::LooksLikePhone => "имя не может быть похоже на номер телефона",
        Rule::NotALocale => "некорректный код языка",
        Rule::CommonPassword => "слишком распространённый пароль",
        Rule::ContextWord | Rule::TooSimilar(_) => "пароль слишком похож на данные аккаунта",
        Rule::OnlyDigits => "пароль не может состоять только из цифр",
        Rule::NotAnObject => "значение должно быть объектом",
        Rule::UnknownPermission(_) | Rule::NoPermissionOfRoles(_) => "такого разрешения нет",
        Rule::NoWebhook(_) => "на этот адрес события не отправляются",
        Rule::UnknownEventType(_) => "таких событий нет",
        Rule::NotInFuture => "это время уже прошло",
    }
}
