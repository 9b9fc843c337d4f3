//! Connections that can be cut in the middle of an answer.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections as [`Wire`]s.
#[derive(Debug)]
pub(super) struct Door(pub(super) TcpListener);

impl Listener for Door {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, address)) => {
                    // Best effort: without it small answers wait for the client's acknowledgement.
                    let _ = stream.set_nodelay(true);
                    return (Wire { stream, scissors: Scissors::default() }, address);
                }
                // Out of file descriptors, most likely: they come back as connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// What a handler cuts its own connection with.
#[derive(Debug, Clone, Default)]
pub(super) struct Scissors(Arc<Mutex<Cut>>);

#[derive(Debug, Clone, Copy, Default)]
enum Cut {
    #[default]
    Never,
    /// After the head and so many bytes of the body.
    InBody(usize),
    /// After so many bytes.
    After(usize),
    /// At once, with a TCP reset.
    Reset,
}

impl Scissors {
    /// The connection ends after the head and `body` bytes of the next answer.
    pub(super) fn truncate(&self, body: usize) {
        self.set(Cut::InBody(body));
    }

    /// The connection is reset in place of the next answer.
    pub(super) fn reset(&self) {
        self.set(Cut::Reset);
    }

    fn set(&self, cut: Cut) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }

    /// How many of these bytes may go out; `None` when the connection is to be reset.
    fn allowance(&self, bytes: &[u8]) -> Option<usize> {
        let mut cut = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Cut::InBody(body) = *cut {
            // The server writes the head in one piece, alone or before the body.
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                *cut = Cut::After(end + 4 + body);
            }
        }
        match *cut {
            Cut::Never | Cut::InBody(_) => Some(bytes.len()),
            Cut::After(left) => Some(left.min(bytes.len())),
            Cut::Reset => None,
        }
    }

    fn written(&self, count: usize) {
        let mut cut = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Cut::After(left) = &mut *cut {
            *left = left.saturating_sub(count);
        }
    }
}

impl Connected<IncomingStream<'_, Door>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().scissors.clone()
    }
}

/// A TCP connection with a pair of scissors.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    scissors: Scissors,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some(allowance) = self.scissors.allowance(bytes) else {
            // Closing a socket with a linger time of zero sends RST in place of FIN.
            self.stream.set_zero_linger()?;
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        };
        if allowance == 0 && !bytes.is_empty() {
            // The server drops the connection on an error; what was written before arrives, then the end.
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, &bytes[..allowance]);
        if let Poll::Ready(Ok(count)) = &written {
            self.scissors.written(*count);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
