//! Which services there are.

use domain::{Refusal, ServiceAccount, ServiceAccountId};
use storage::service_accounts;

use crate::error::Result;
use crate::services::Services;

/// Those that were not deleted, in the order of their names.
pub async fn list(services: &Services) -> Result<Vec<ServiceAccount>> {
    Ok(service_accounts::list(&mut services.store.read().await?).await?)
}

pub async fn find(services: &Services, id: ServiceAccountId) -> Result<ServiceAccount> {
    let found = service_accounts::find(&mut services.store.read().await?, id).await?;
    Ok(found.ok_or(Refusal::ServiceNotFound)?)
}

pub async fn find_by_name(services: &Services, name: &str) -> Result<ServiceAccount> {
    let found = service_accounts::find_by_name(&mut services.store.read().await?, name).await?;
    Ok(found.ok_or(Refusal::ServiceNotFound)?)
}
