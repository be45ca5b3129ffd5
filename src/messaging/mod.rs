//! Conversations between people, in a space, or on a note; and their messages.

pub mod conversation;
pub mod conversations;
pub mod messages;
