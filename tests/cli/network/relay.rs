//! Something that stands between: it takes connections on a port of its own and passes bytes on.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader, copy_bidirectional,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A relay that runs until the tests end.
pub(crate) struct Relay {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
}

/// What it does with a connection.
#[derive(Clone)]
enum Manner {
    /// Ends TLS and passes on what is inside.
    Tls(TlsAcceptor, SocketAddr),
    /// An HTTP proxy: `CONNECT` to wherever is asked for, all of it led to one address.
    Connect(SocketAddr),
    /// The same, and refuses everybody.
    Refuse,
}

impl Relay {
    /// TLS in front of `portal`, with a certificate for `name`; gives the certificate of its authority, too.
    pub(crate) fn tls(portal: SocketAddr, name: &str) -> (Self, String) {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"))
            .expect("a certificate");
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        // Named as its authority is, it would be taken for its own.
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.signed_by(&key, &authority).expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring knows them")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .expect("they belong together");
        (Self::start(Manner::Tls(TlsAcceptor::from(Arc::new(config)), portal)), authority.pem())
    }

    /// An HTTP proxy that leads whoever asks for anything to `target`.
    pub(crate) fn proxy(target: SocketAddr) -> Self {
        Self::start(Manner::Connect(target))
    }

    /// An HTTP proxy that lets nobody through.
    pub(super) fn closed_proxy() -> Self {
        Self::start(Manner::Refuse)
    }

    /// Its address for a proxy variable.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many connected so far.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn start(manner: Manner) -> Self {
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = connections.clone();
        let (sender, started) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_io().build().expect("an event loop");
            runtime.block_on(async {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
                sender.send(listener.local_addr().expect("it is bound").port()).ok();
                while let Ok((connection, _)) = listener.accept().await {
                    counter.fetch_add(1, Ordering::SeqCst);
                    let manner = manner.clone();
                    // What fails here fails there, where it is looked at.
                    tokio::spawn(async move { manner.serve(connection).await.ok() });
                }
            });
        });
        Self { port: started.recv().expect("it starts"), connections }
    }
}

impl Manner {
    async fn serve(self, connection: TcpStream) -> io::Result<()> {
        match self {
            Self::Tls(acceptor, portal) => pass(acceptor.accept(connection).await?, portal).await,
            Self::Connect(target) => {
                let mut connection = BufReader::new(connection);
                let asked = head(&mut connection).await?;
                if !asked.starts_with("CONNECT ") {
                    return Err(io::Error::other("nothing goes through here in clear"));
                }
                connection.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
                pass(connection, target).await
            }
            Self::Refuse => {
                let mut connection = BufReader::new(connection);
                head(&mut connection).await?;
                connection
                    .write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                    .await
            }
        }
    }
}

/// A request up to its empty line.
async fn head(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut head = String::new();
    while connection.read_line(&mut head).await? > 2 {}
    Ok(head)
}

async fn pass(mut connection: impl AsyncRead + AsyncWrite + Unpin, target: SocketAddr) -> io::Result<()> {
    let mut target = TcpStream::connect(target).await?;
    copy_bidirectional(&mut connection, &mut target).await.map(drop)
}
