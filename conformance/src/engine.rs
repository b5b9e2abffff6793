//! The engine, set up as policy-server sets it up: a policy is compiled and linked once, every request gets an
//! instance of its own, and a policy that takes longer than two seconds is interrupted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use wapc::{HostCallback, WapcHost};
use wasmtime_provider::wasmtime::{Config, Engine, Module};
use wasmtime_provider::{EpochDeadlines, WasmtimeEngineProviderBuilder, WasmtimeEngineProviderPre};

const TICK: Duration = Duration::from_millis(10);

/// Two seconds, for the start of an instance and again for each call.
const DEADLINE: u64 = 200;

/// What a host that interrupts policies compiles them with.
pub fn interrupting() -> Config {
    let mut config = patient();
    config.epoch_interruption(true);
    config
}

/// What a host compiles policies with that lets them run as long as they will.
pub fn patient() -> Config {
    let mut config = Config::new();
    config.wasm_function_references(true);
    config
}

/// An engine and the clock that deadlines are measured by.
pub struct Runtime {
    engine: Engine,
    deadline: Option<u64>,
    stopped: Arc<AtomicBool>,
}

impl Runtime {
    /// The runtime of policy-server.
    pub fn new() -> Result<Self> {
        Self::with_deadlines(&interrupting())
    }

    pub fn with_deadlines(config: &Config) -> Result<Self> {
        let runtime = Self::with(config, Some(DEADLINE))?;
        let (clock, stopped) = (runtime.engine.clone(), runtime.stopped.clone());
        thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                thread::sleep(TICK);
                clock.increment_epoch();
            }
        });
        Ok(runtime)
    }

    pub fn without_deadlines() -> Result<Self> {
        Self::with(&patient(), None)
    }

    fn with(config: &Config, deadline: Option<u64>) -> Result<Self> {
        let engine = Engine::new(config).map_err(|error| anyhow!("no engine: {error}"))?;
        Ok(Self { engine, deadline, stopped: Arc::default() })
    }

    pub fn compile(&self, bytes: &[u8]) -> Result<Module> {
        Module::new(&self.engine, bytes).map_err(|error| anyhow!("cannot be compiled: {error}"))
    }

    /// Links a module with what the host gives it, so that instances of it are cheap.
    pub fn link(&self, module: Module) -> Result<Policy> {
        let builder = WasmtimeEngineProviderBuilder::new().engine(self.engine.clone());
        let pre = builder.module(module).build_pre().context("cannot be linked")?;
        let deadlines = self.deadline.map(|ticks| EpochDeadlines { wapc_init: ticks, wapc_func: ticks });
        Ok(Policy { pre, deadlines })
    }

    pub fn load(&self, bytes: &[u8]) -> Result<Policy> {
        self.link(self.compile(bytes)?)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

/// A policy that is ready to be instantiated.
pub struct Policy {
    pre: WasmtimeEngineProviderPre,
    deadlines: Option<EpochDeadlines>,
}

impl Policy {
    pub fn instantiate(&self, callback: Box<HostCallback>) -> Result<Instance> {
        let provider = self.pre.rehydrate(self.deadlines)?;
        let host = WapcHost::new(Box::new(provider), Some(callback));
        let host = host.map_err(|error| anyhow!("cannot be instantiated: {error}"))?;
        Ok(Instance { host })
    }
}

/// An instance of a policy.
pub struct Instance {
    host: WapcHost,
}

impl Instance {
    pub fn call(&self, operation: &str, payload: &[u8]) -> Result<Vec<u8>> {
        let answer = self.host.call(operation, payload);
        answer.map_err(|error| anyhow!("{operation}: {error}"))
    }
}
