//! Which addresses are public, by the registries of special-purpose addresses (RFC 6890) of 2026.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Nobody's public servers are there: this machine, this network, documentation, tests, multicast.
const SPECIAL: [&str; 34] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0:0/96",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001::/23",
    "2001:db8::/32",
    "2620:4f:8000::/48",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

/// Where requests may go: to public addresses, and to what is allowed beside.
#[derive(Clone, Debug)]
pub struct Networks {
    special: Vec<IpNet>,
    allowed: Vec<IpNet>,
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a network such as 10.1.0.0/16")]
pub struct InvalidNetwork(&'static str);

impl Networks {
    pub fn new(allowed: Vec<IpNet>) -> Result<Self, InvalidNetwork> {
        let parse = |text: &'static str| text.parse().map_err(|_| InvalidNetwork(text));
        Ok(Self { special: SPECIAL.into_iter().map(parse).collect::<Result<_, _>>()?, allowed })
    }

    pub(super) fn admit(&self, address: IpAddr) -> bool {
        let address = plain(address);
        let holds = |networks: &[IpNet]| networks.iter().any(|network| network.contains(&address));
        holds(&self.allowed) || !holds(&self.special)
    }

    /// Whether somebody allowed it by name.
    pub(super) fn allows(&self, address: IpAddr) -> bool {
        let address = plain(address);
        self.allowed.iter().any(|network| network.contains(&address))
    }
}

/// The IPv4 address that some IPv6 addresses lead to: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match six.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            four(high, low)
        }
        [0x2002, high, low, ..] => four(high, low),
        _ => IpAddr::V6(Ipv6Addr::from(six.octets())),
    }
}
