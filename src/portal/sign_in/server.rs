//! Connections: accepted, bounded in number and time, closed after one answer.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{sleep, timeout};

use super::desk::Desk;
use super::exchange::{self, House, Shown};
use super::listener::{Limits, Listener};
use super::shelf::Shelf;
use crate::base::PortalAddress;
use crate::host::peers;

/// At a time; a browser opens six at most.
const MOST_CONNECTIONS: usize = 64;
/// Waiting at the desk; a person sends one or two.
const MOST_VISITS: usize = 16;
/// The head of a request, the token of a navigation with it.
const LONGEST_HEAD: usize = 96 * 1024;

/// Starts the thread that answers.
pub(super) fn start(
    listener: Listener,
    portal: PortalAddress,
    is_admin: bool,
    limits: Limits,
) -> io::Result<Desk> {
    let port = listener.port();
    let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
    let sockets: Vec<tokio::net::TcpListener> = {
        let _inside = runtime.enter();
        listener.sockets.into_iter().map(prepared).collect::<io::Result<_>>()?
    };
    let shelf = Arc::new(Shelf::default());
    let (visits, desk_side) = mpsc::sync_channel(MOST_VISITS);
    let house = Arc::new(House {
        portal,
        port,
        is_admin,
        limits,
        shelf: Arc::clone(&shelf),
        visits,
        stranger: Mutex::default(),
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let (end, ended) = mpsc::channel();
    let thread = thread::Builder::new().name("sign-in listener".to_owned()).spawn(move || {
        runtime.block_on(async {
            let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
            for socket in sockets {
                tokio::spawn(accept(socket, Arc::clone(&house), Arc::clone(&room)));
            }
            // An error says that the desk is gone, which is the same.
            let _ = stopped.await;
        });
        // With its event loop every connection ends.
        drop(runtime);
        let _ = end.send(());
    })?;
    Ok(Desk { visits: desk_side, shelf, stop: Some(stop), thread: Some(thread), ended })
}

fn prepared(socket: TcpListener) -> io::Result<tokio::net::TcpListener> {
    socket.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(socket)
}

async fn accept(socket: tokio::net::TcpListener, house: Arc<House>, room: Arc<Semaphore>) {
    loop {
        match socket.accept().await {
            // One too many is closed at once, and one of another user of this machine.
            Ok((stream, peer)) => {
                let is_ours = stream.local_addr().is_ok_and(|own| peers::is_ours(own, peer));
                if is_ours && let Ok(place) = Arc::clone(&room).try_acquire_owned() {
                    let house = Arc::clone(&house);
                    tokio::spawn(async move {
                        serve(stream, &house).await;
                        drop(place);
                    });
                }
            }
            // A connection that went before it was accepted, or no file descriptors: others will end.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// One connection: one request, one answer.
async fn serve(stream: TcpStream, house: &Arc<House>) {
    let limits = house.limits;
    let shown = Shown::default();
    let service = service_fn(|request: Request<Incoming>| {
        let (house, shown) = (Arc::clone(house), Arc::clone(&shown));
        Box::pin(async move { Ok::<_, Infallible>(exchange::answer(&house, request, &shown).await) })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(LONGEST_HEAD)
        .keep_alive(false)
        // A client may say that it has sent everything and still want its answer.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let longest = limits.head + limits.request + limits.queue + limits.answer;
    let outcome = timeout(longest, poll_fn(|cx| connection.poll_without_shutdown(cx))).await;
    let mut stream = connection.into_parts().io.into_inner();
    let is_sent = stream.shutdown().await.is_ok();
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(name) = shown
        && matches!(outcome, Ok(Ok(())))
        && is_sent
    {
        house.shelf.show(&name);
    }
    // What is still coming in is read and forgotten: closed over it, the connection would be reset and the answer lost.
    let _ = timeout(limits.linger, drain(&mut stream)).await;
}

async fn drain(stream: &mut TcpStream) {
    let mut bytes = [0; 4096];
    while stream.read(&mut bytes).await.is_ok_and(|n| n > 0) {}
}
