//! The words of `mailed_codes`. Those that the contract quotes are wire values.

use domain::{CharacterClass, Rule};

pub(super) const DIFFERENT: &str = "Введённые пароли не совпадают!";
pub(super) const RIGHT_CODE: &str = "Введенный код верный!";
pub(super) const WRONG_CODE: &str = "Введенный код неверный!";
pub(super) const WRONG_CREDENTIALS: &str = "Неверный логин или пароль!";
pub(super) const SIGNED_IN: &str = "Авторизация удалась!";
pub(super) const NO_SUCH_USER: &str = "Пользователь не существует!";
pub(super) const MAY_CHANGE: &str = "Можете менять пароль!";
pub(super) const NO_EMAIL: &str = "Вы не указали почту!";
pub(super) const CHANGED: &str = "Пароль обновлён!";
pub(super) const NO_CODE: &str = "Вы не ввели код!";
pub(super) const SIGNED_OUT: &str = "Выход выполнен!";
pub(super) const BAD_TOKEN: &str = "Токен не валиден!";

pub(super) const LOGIN_TAKEN: &str = "Пользователь с таким логином уже существует!";
pub(super) const EMAIL_TAKEN: &str = "Пользователь с такой почтой уже существует!";
pub(super) const NOT_REGISTERING: &str = "Вы не начали регистрацию!";
pub(super) const NOT_SIGNING_IN: &str = "Вы не ввели логин и пароль!";
pub(super) const BLOCKED: &str = "Учётная запись заблокирована!";
pub(super) const UNVERIFIED: &str = "Адрес этой учётной записи не подтверждён!";
pub(super) const WRONG_CURRENT_PASSWORD: &str = "Неверный текущий пароль!";
pub(super) const NOTHING_TO_VERIFY: &str = "Нет адреса, который ждёт подтверждения!";
pub(super) const NO_CHANNEL: &str = "Код некуда отправить!";
pub(super) const NOT_RESTORABLE: &str = "Аккаунт не может быть восстановлен!";
pub(super) const REPEATED: &str = "Ключ идемпотентности уже использован для другого запроса!";
pub(super) const FORBIDDEN: &str = "Недостаточно прав!";
pub(super) const TOO_MANY: &str = "Слишком много попыток, повторите позже!";
pub(super) const OVERLOADED: &str = "Слишком много запросов, повторите попытку позже!";
pub(super) const FAILED: &str = "Внутренняя ошибка сервера!";
pub(super) const UNAVAILABLE: &str = "Сервис временно недоступен!";

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
        Rule::LooksLikeEmail => "логин не может быть похож на адрес электронной почты",
        Rule::LooksLikePhone => "логин не может быть похож на номер телефона",
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
