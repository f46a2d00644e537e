//! Redis carries news and limits; whatever happens to it, what ended stays ended.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use testkit::RedisServer;

use super::Fleet;
use super::watch::Watch;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ses_07_a_logout_is_one_everywhere_whatever_becomes_of_redis() {
    let mut redis = RedisServer::start().await;
    let fleet = Fleet::with(&[
        ("VESTIBULE_REDIS__URL", &redis.url()),
        ("VESTIBULE_LIMITS__MODE", "enforce"),
        ("VESTIBULE_LIMITS__LOGIN", "6000/min"),
        ("VESTIBULE_LIMITS__READ", "60000/min"),
    ])
    .await;
    logs_out(&fleet, "answering", || {});
    logs_out(&fleet, "emptied", || empty(&redis));
    logs_out(&fleet, "hung", || redis.hang());
    redis.go_on();
    logs_out(&fleet, "killed", || redis.kill());
    redis.start_again().await;
    logs_out(&fleet, "back", || {});
    fleet.stop();
}

/// Something happens to Redis while the token is warm everywhere; then its owner leaves.
fn logs_out(fleet: &Fleet, name: &str, happens: impl FnOnce()) {
    let session = fleet.newcomer(name);
    let watch = Watch::begin(fleet, &session.access);
    happens();
    let acknowledged_at = fleet.sign_out(&session);
    let lived = watch.expect_end(name, acknowledged_at, Some(0));
    eprintln!("Redis {name}: let in for {lived:?}");
}

fn empty(redis: &RedisServer) {
    let url = redis.url();
    let socket = url.strip_prefix("redis+unix://").expect("a socket");
    let mut connection = UnixStream::connect(socket).expect("it listens");
    connection.write_all(b"FLUSHALL\r\n").expect("it reads");
    let mut reply = [0; 5];
    connection.read_exact(&mut reply).expect("it answers");
    assert_eq!(&reply, b"+OK\r\n");
}
