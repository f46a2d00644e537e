//! The words of `user_management`. Those that the contract quotes are wire values.

use domain::TokenDefect;

pub(super) const NOT_AUTHENTICATED: &str = "Not authenticated";
pub(super) const USER_NOT_FOUND: &str = "User not found";
pub(super) const WRONG_CREDENTIALS: &str = "Неверный логин или пароль";
pub(super) const TAKEN: &str = "Пользователь с таким 'username' или 'email' уже существует";
pub(super) const BLOCKED: &str = "Учётная запись заблокирована";
pub(super) const WRONG_CURRENT_PASSWORD: &str = "Неверный текущий пароль";
pub(super) const SIGN_IN_HERE: &str = "Токен выдан другим сервисом: войдите снова";
pub(super) const UNVERIFIED: &str = "Адрес этой учётной записи не подтверждён";
pub(super) const BAD_CODE: &str = "Код неверен, использован или устарел";
pub(super) const NOTHING_TO_VERIFY: &str = "Нет адреса, который ждёт подтверждения";
pub(super) const NO_CHANNEL: &str = "Таким способом ничего нельзя отправить";
pub(super) const FORBIDDEN: &str = "Недостаточно прав";
pub(super) const NO_SUCH_SESSION: &str = "Сессия не найдена";
pub(super) const NO_SUCH_ROLE: &str = "Роль не найдена";
pub(super) const LAST_ADMIN: &str = "Последний администратор не может быть удалён";
pub(super) const REPEATED: &str = "Ключ идемпотентности уже использован для другого запроса";
pub(super) const NOT_RESTORABLE: &str = "Аккаунт не может быть восстановлен";
pub(super) const TOO_MANY: &str = "Слишком много попыток, повторите позже";
pub(super) const OVERLOADED: &str = "Слишком много запросов, повторите попытку позже";
pub(super) const FAILED: &str = "Внутренняя ошибка сервера";
pub(super) const UNAVAILABLE: &str = "Сервис временно недоступен";

pub(super) const fn say_defect(defect: TokenDefect) -> &'static str {
    match defect {
        TokenDefect::Missing => NOT_AUTHENTICATED,
        TokenDefect::Malformed => "Ошибка декодирования токена",
        TokenDefect::BadSignature => "Недействительная подпись токена",
        TokenDefect::Expired => "Срок действия токена истек",
        TokenDefect::WrongType | TokenDefect::Revoked => "Токен недействителен",
    }
}
