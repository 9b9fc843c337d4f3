//! What Chromium says to the listener, on which the rule of proven and unproven callbacks rests.

use super::callbacks::LOOPBACK;
use super::steps::{ADA, PAT, arrive, confirm, is_done};
use super::{Chromium, Manner, Stage, World};
