//! The pages to which links in mails lead where a surface has others than ours: those of the service
//! that it stands in for.

/// What stands for the account's number in a page, as base64url of its digits.
pub const UID_PLACE: &str = "{uid}";
/// What stands for the token of a link in a page.
pub const TOKEN_PLACE: &str = "{token}";

/// Each is the end of an address below `site`. Where there is none, the link leads to a page of ours
/// or of the operator's (`[links]`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailPages {
    /// None is the public URL of the service. Never made of a request (RCV-02).
    pub site: Option<String>,
    pub verify_email: Option<String>,
    pub recover: Option<String>,
    pub reset_username: Option<String>,
}

impl MailPages {
    /// The address of one of these pages.
    pub fn address(&self, public_url: &str, page: &str, uid: &str, token: &str) -> String {
        let site = self.site.as_deref().unwrap_or(public_url).trim_end_matches('/');
        let page = page.trim_start_matches('/');
        format!("{site}/{}", page.replace(UID_PLACE, uid).replace(TOKEN_PLACE, token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_below_the_site_whatever_slashes_there_are() {
        let page = "#/activate/{uid}/{token}";
        let below = |site: Option<&str>, page: &str| {
            let pages = MailPages { site: site.map(ToOwned::to_owned), ..MailPages::default() };
            pages.address("https://ours.example", page, "MQ", "secret")
        };
        assert_eq!(below(None, page), "https://ours.example/#/activate/MQ/secret");
        for site in ["https://app.example", "https://app.example/"] {
            let address = "https://app.example/activate?u=MQ&t=secret";
            assert_eq!(below(Some(site), "/activate?u={uid}&t={token}"), address);
        }
    }
}
