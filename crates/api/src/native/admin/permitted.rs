//! Somebody who may do what a path is for.
//!
//! Asked here so that nobody else's body is read; the operation asks again.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use domain::Permission;
use http::request::Parts;
use operations::{Context, ensure_may};

use crate::kit::{Bearer, Failure, Front, Needs};
use crate::native::problem::Native;

pub(super) struct Permitted<N> {
    pub(super) ctx: Context,
    needs: PhantomData<N>,
}

impl<N: Needs> FromRequestParts<Front> for Permitted<N> {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Self::Rejection> {
        let bearer = Bearer::<Native>::from_request_parts(parts, front).await?;
        ensure_may(&bearer.user, N::PERMISSION)?;
        Ok(Self { ctx: bearer.ctx, needs: PhantomData })
    }
}

macro_rules! needs {
    ($($name:ident = $permission:ident),+ $(,)?) => {$(
        pub(super) enum $name {}

        impl Needs for $name {
            const PERMISSION: Permission = Permission::$permission;
        }
    )+};
}

needs! {
    ToRead = UsersRead,
    ToWrite = UsersWrite,
    ToBlock = UsersBlock,
    ToDelete = UsersDelete,
    ToRecover = UsersCredentials,
    ToGrant = RolesGrant,
    ToDefine = RolesManage,
    ToManageServices = ServicesManage,
    ToReadJobs = JobsRead,
    ToManageJobs = JobsManage,
}
