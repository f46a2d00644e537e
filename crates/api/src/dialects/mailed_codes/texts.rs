//! The words of `mailed_codes`. Those that the contract quotes are wire values.

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
pub(super) const NO_SIGN_IN_BY_MAIL: &str = "Вход по коду из письма отключён!";
pub(super) const NOT_RESTORABLE: &str = "Аккаунт не может быть восстановлен!";
pub(super) const REPEATED: &str = "Ключ идемпотентности уже использован для другого запроса!";
pub(super) const FORBIDDEN: &str = "Недостаточно прав!";
pub(super) const TOO_MANY: &str = "Слишком много попыток, повторите позже!";
pub(super) const OVERLOADED: &str = "Слишком много запросов, повторите попытку позже!";
pub(super) const FAILED: &str = "Внутренняя ошибка сервера!";
pub(super) const UNAVAILABLE: &str = "Сервис временно недоступен!";
