//! A host that answers from recorded sessions.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex};

use wapc::HostCallback;

use crate::exchange::{Exchange, Request, Response};

/// Answers from a session, in its order: a request must be the very one that comes next.
#[derive(Clone, Default)]
pub struct Replay(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    left: VecDeque<Exchange>,
    calls: usize,
    problems: Vec<String>,
}

impl Replay {
    /// Begins a session.
    pub fn begin(&self, session: &[Exchange]) {
        let left = session.iter().cloned().collect();
        *self.0.lock().unwrap() = State { left, ..State::default() };
    }

    /// Ends it: how many calls there were, and what was not as recorded.
    pub fn end(&self) -> (usize, Vec<String>) {
        let State { left, calls, mut problems } = std::mem::take(&mut *self.0.lock().unwrap());
        if let Some(next) = left.front() {
            problems.push(format!("calls not made: {}, the first {}", left.len(), next.request));
        }
        (calls, problems)
    }

    /// What an instance's host calls are given to. The session may be begun later, and again and again.
    pub fn callback(&self) -> Box<HostCallback> {
        let replay = self.clone();
        Box::new(move |_, binding, namespace, operation, payload| match (binding, namespace) {
            ("kubewarden", "tracing") => Ok(Vec::new()),
            ("kubewarden", _) => replay.answer(namespace, operation, payload),
            _ => Err(format!("unknown binding: {binding}").into()),
        })
    }

    fn answer(
        &self,
        namespace: &str,
        operation: &str,
        payload: &[u8],
    ) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
        let mut state = self.0.lock().unwrap();
        state.calls += 1;
        let asked = match Request::decode(namespace, operation, payload) {
            Ok(request) => request,
            Err(error) => {
                state.problems.push(format!("call {namespace}/{operation}: {error:#}"));
                return Err(error.into());
            }
        };
        match state.left.pop_front() {
            Some(Exchange { request, response }) if request == asked => match response {
                Response::Success { payload } => Ok(payload.into_bytes()),
                // policy-server's words.
                Response::Error { message } => Err(format!("Callback evaluation failure: {message}").into()),
            },
            expected => {
                let expected = expected.map(|exchange| exchange.request.to_string());
                let expected = expected.unwrap_or("no further call".into());
                let problem = format!("expected {expected}, got {asked}");
                state.problems.push(problem.clone());
                Err(problem.into())
            }
        }
    }
}
