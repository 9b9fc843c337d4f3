//! Every test that sees the whole program, in one binary: it links once.

mod architecture;
mod awsconfig;
mod clients;
mod demo;
mod harness;
