//! Russian.

use domain::{CharacterClass, Rule};
use http::StatusCode;

use super::{Done, Link, Said, Words};

pub(in crate::pages) struct Russian;

impl Words for Russian {
    fn ask(&self, link: Link) -> Said {
        let (title, paragraphs): (_, &[&str]) = match link {
            Link::VerifyEmail => {
                ("Подтвердите адрес почты", &["Нажмите кнопку, чтобы подтвердить, что адрес ваш."])
            }
            Link::VerifyPhone => (
                "Подтвердите номер телефона",
                &["Нажмите кнопку, чтобы подтвердить, что номер ваш."],
            ),
            Link::Recover => (
                "Новый пароль",
                &["Вы зададите его на следующей странице. После этого вы выйдете на всех \
                   устройствах."],
            ),
            Link::TakeBack => (
                "Верните свой адрес",
                &[
                    "К аккаунту вернётся прежний адрес, а все сеансы завершатся.",
                    "Затем вы зададите новый пароль: старый больше не действует, ведь тот, кто заменил \
                     адрес, мог его знать.",
                ],
            ),
            Link::Restore => (
                "Восстановите аккаунт",
                &["Он был удалён. Укажите, чей это аккаунт, и он вернётся."],
            ),
        };
        Said { title, paragraphs }
    }

    fn button(&self, link: Link) -> &'static str {
        match link {
            Link::VerifyEmail => "Подтвердить адрес",
            Link::VerifyPhone => "Подтвердить номер",
            Link::Recover => "Продолжить",
            Link::TakeBack => "Вернуть адрес",
            Link::Restore => "Восстановить аккаунт",
        }
    }

    fn done(&self, done: Done) -> Said {
        let (title, paragraphs): (_, &[&str]) = match done {
            Done::EmailVerified => ("Адрес подтверждён", &["Спасибо. Страницу можно закрыть."]),
            Done::PhoneVerified => ("Номер подтверждён", &["Спасибо. Страницу можно закрыть."]),
            Done::PasswordSet => {
                ("Пароль задан", &["Все сеансы завершены. Войдите с новым паролем."])
            }
            Done::Restored => (
                "Аккаунт восстановлен",
                &["Войдите, как раньше. Особые права сами не возвращаются: попросите о них \
                   администратора."],
            ),
        };
        Said { title, paragraphs }
    }

    fn refused(&self, status: StatusCode) -> Said {
        let (title, paragraphs): (_, &[&str]) = match status {
            StatusCode::BAD_REQUEST => (
                "Ссылка не работает",
                &[
                    "Она неполная, уже использована или устарела.",
                    "Запросите новую там же, где эту. Работает только самая новая.",
                ],
            ),
            StatusCode::CONFLICT => {
                ("Адрес занят", &["Другой аккаунт подтвердил, что этот адрес принадлежит ему."])
            }
            StatusCode::GONE => ("Срок истёк", &["Этот аккаунт уже нельзя восстановить."]),
            StatusCode::FORBIDDEN => (
                "Запрос пришёл с другого сайта",
                &["Откройте ссылку из сообщения и нажмите кнопку на странице."],
            ),
            StatusCode::NOT_FOUND => {
                ("Такой страницы нет", &["Откройте ссылку из сообщения ещё раз, целиком."])
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                ("Здесь ничего нет", &["Откройте ссылку из сообщения ещё раз."])
            }
            StatusCode::TOO_MANY_REQUESTS => (
                "Слишком много попыток",
                &[
                    "Подождите несколько минут и попробуйте снова. Ссылка действует до конца своего \
                   срока.",
                ],
            ),
            status if status.is_server_error() => (
                "Сейчас мы не можем ответить",
                &["Попробуйте чуть позже. Ссылка действует до конца своего срока."],
            ),
            _ => (
                "Запрос не удалось прочитать",
                &["Откройте ссылку из сообщения ещё раз и нажмите кнопку на странице."],
            ),
        };
        Said { title, paragraphs }
    }

    fn rule(&self, rule: &Rule) -> String {
        let text = match rule {
            Rule::Required => "Введите пароль.",
            Rule::TooShort { min } => return format!("Символов должно быть не меньше {min}."),
            Rule::TooLong { max } => return format!("Символов должно быть не больше {max}."),
            Rule::ForbiddenCharacter => "В пароле есть недопустимый символ.",
            Rule::MissingClass(CharacterClass::Lower) => "Нужна строчная буква.",
            Rule::MissingClass(CharacterClass::Upper) => "Нужна заглавная буква.",
            Rule::MissingClass(CharacterClass::Digit) => "Нужна цифра.",
            Rule::MissingClass(CharacterClass::Dash) => "Нужен знак - или _.",
            Rule::CommonPassword => "Такие пароли подбирают первыми.",
            Rule::ContextWord => "Пароль слишком похож на имя аккаунта или сервиса.",
            Rule::OnlyDigits => "Одних цифр мало.",
            Rule::TooSimilar(_) => "Пароль слишком похож на данные аккаунта.",
            Rule::NotAnEmail
            | Rule::NotAPhone
            | Rule::LooksLikeEmail
            | Rule::LooksLikePhone
            | Rule::NotALocale
            | Rule::NotAnObject
            | Rule::UnknownPermission(_)
            | Rule::NoPermissionOfRoles(_)
            | Rule::NoWebhook(_)
            | Rule::UnknownEventType(_)
            | Rule::NotInFuture => "Здесь это недопустимо.",
        };
        text.to_owned()
    }

    fn footer(&self) -> &'static str {
        "Пока вы не нажали кнопку, ничего не меняется."
    }

    fn identifier(&self) -> &'static str {
        "Адрес почты, имя пользователя или номер телефона"
    }

    fn does_not_fit(&self) -> &'static str {
        "Ссылка не от этого аккаунта или уже использована."
    }

    fn choose_password(&self, is_taken_back: bool) -> Said {
        let paragraphs: &[&str] = if is_taken_back {
            &["Адрес снова ваш, все сеансы завершены. Теперь задайте пароль, который никто больше \
               не знает."]
        } else {
            &["После этого вы выйдете на всех устройствах."]
        };
        Said { title: "Задайте новый пароль", paragraphs }
    }

    fn password(&self) -> &'static str {
        "Новый пароль"
    }

    fn repeated(&self) -> &'static str {
        "Тот же пароль ещё раз"
    }

    fn at_least(&self, min: usize) -> String {
        format!("Символов: {min} или больше. Подойдут несколько слов подряд.")
    }

    fn not_repeated(&self) -> &'static str {
        "Пароли не совпадают."
    }

    fn set_password(&self) -> &'static str {
        "Задать пароль"
    }
}
