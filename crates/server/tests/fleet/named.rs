//! `containers.conf`, which asks a name server where the instances are: they come and go, nginx is not told.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::nginx::Nginx;
use crate::process::eventually;
use crate::process::http::call;
use crate::process::program::Program;

const PATH: &str = "/api/v1/users/current";

/// Says of every name that it has this address, as Docker's does of the name of a service.
struct NameServer {
    address: SocketAddr,
    answer: Arc<Mutex<Option<Ipv4Addr>>>,
}

impl NameServer {
    fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let address = socket.local_addr().expect("an address");
        let answer = Arc::new(Mutex::new(None));
        let asked = Arc::clone(&answer);
        // It ends with the process.
        thread::spawn(move || {
            let mut query = [0; 512];
            while let Ok((length, client)) = socket.recv_from(&mut query) {
                let answer = reply(&query[..length], *asked.lock().expect("no panic"));
                let _ = socket.send_to(&answer, client);
            }
        });
        Self { address, answer }
    }

    fn says(&self, address: Option<Ipv4Addr>) {
        *self.answer.lock().expect("no panic") = address;
    }
}

/// The query with an answer behind it, or that there is no such name (RFC 1035 §4).
fn reply(query: &[u8], address: Option<Ipv4Addr>) -> Vec<u8> {
    let end = 12 + query[12..].iter().position(|byte| *byte == 0).expect("a name") + 5;
    let (flags, count) = if address.is_some() { ([0x81, 0x80], 1) } else { ([0x81, 0x83], 0) };
    let mut reply = [&query[..2], &flags, &[0, 1, 0, count, 0, 0, 0, 0], &query[12..end]].concat();
    if let Some(address) = address {
        // The same name, an address of the Internet, for a second, four bytes.
        reply.extend([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
        reply.extend(address.octets());
    }
    reply
}

#[test]
fn nginx_in_containers_finds_instances_that_come_and_go() {
    let instance = Program::new().start();
    let names = NameServer::start();
    let nginx = Nginx::in_containers(names.address, instance.address.port());
    let becomes = |what: &str, status: u16| {
        eventually(what, || {
            let reply = call(nginx.address, "GET", PATH, None, None).expect("an answer");
            (reply.status == status).then_some(())
        });
    };
    becomes("nobody", 502);
    names.says(Some(Ipv4Addr::LOCALHOST));
    becomes("an instance that has come", 401);
    // Nobody is at this address: the instance went.
    names.says(Some(Ipv4Addr::new(127, 0, 0, 2)));
    becomes("nobody again", 502);
    names.says(Some(Ipv4Addr::LOCALHOST));
    becomes("an instance that came back", 401);
    // A name server that forgets all for a moment, as when it is started anew.
    names.says(None);
    thread::sleep(Duration::from_millis(1500));
    names.says(Some(Ipv4Addr::LOCALHOST));
    becomes("an instance under a name that came back", 401);
    instance.stop();
}
