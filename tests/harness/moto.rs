//! AWS on this machine: EC2, S3, IAM and STS by moto.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::tool;

/// A running moto server; it ends with the test.
#[derive(Debug)]
pub(crate) struct Moto {
    server: Child,
    address: SocketAddr,
}

impl Moto {
    /// Starts one and waits until it answers; `None` where moto is missing.
    #[track_caller]
    pub(crate) fn start() -> Option<Self> {
        let (moto, setpriv) = (tool("moto")?, tool("setpriv")?);
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let address = free.expect("a free port");
        // The server ends with us even when we are killed.
        let mut command = Command::new(setpriv);
        command.arg("--pdeathsig").arg("KILL").arg(moto);
        command.args(["--host", "127.0.0.1", "--port", &address.port().to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut moto = Self { server: command.spawn().expect("moto starts"), address };
        let deadline = Instant::now() + Duration::from_secs(90);
        while TcpStream::connect(address).is_err() {
            let ended = moto.server.try_wait().expect("moto is ours to wait for");
            assert!(ended.is_none(), "moto ended at once: {ended:?}");
            assert!(Instant::now() < deadline, "moto does not listen on {address}");
            thread::sleep(Duration::from_millis(50));
        }
        Some(moto)
    }

    /// For `AWS_ENDPOINT_URL`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
