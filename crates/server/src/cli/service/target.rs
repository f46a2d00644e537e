//! Which service a command is about.

use clap::Args;
use domain::{Refusal, ServiceAccount, ServiceAccountId};
use operations::service_accounts::{find, find_by_name};
use operations::{Context, Error, Services};
use uuid::Uuid;

use crate::cli::outcome::{Failure, Outcome};

#[derive(Debug, Args)]
pub(in crate::cli) struct Target {
    /// Name or id of the service
    #[arg(value_name = "SERVICE")]
    service: String,
}

impl Target {
    pub(super) async fn find(&self, services: &Services, ctx: &Context) -> Outcome<ServiceAccount> {
        let text = self.service.as_str();
        let found = match find_by_name(services, ctx, text).await {
            Err(Error::Refused(Refusal::ServiceNotFound)) => match Uuid::parse_str(text) {
                Ok(id) => find(services, ctx, ServiceAccountId(id)).await,
                Err(_) => Err(Refusal::ServiceNotFound.into()),
            },
            found => found,
        };
        match found {
            Err(Error::Refused(Refusal::ServiceNotFound)) => Err(Failure::Refused(format!(
                "there is no service {text:?}: see vestibule service list"
            ))),
            found => {
                let service = found?;
                ctx.names(&service.id.to_string());
                Ok(service)
            }
        }
    }
}
