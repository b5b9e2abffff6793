//! Linear memories that can be watched from outside: neither waPC nor its provider tells how large an instance is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use wasmtime_provider::wasmtime::{Config, LinearMemory, MemoryCreator, MemoryType, Result, bail};

/// The size of the memory that was made or grown last, in bytes.
#[derive(Clone, Default)]
pub struct Watch(Arc<AtomicUsize>);

impl Watch {
    pub fn size(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Makes an engine's memories watched ones: plain blocks without guard pages, bounds checked at every access.
    pub fn over(&self, mut config: Config) -> Config {
        config.with_host_memory(Arc::new(self.clone())).memory_init_cow(false);
        config.memory_reservation(0).memory_guard_size(0).memory_reservation_for_growth(0);
        config
    }
}

// Sound: a new block is zeroed, and is as large as it says.
unsafe impl MemoryCreator for Watch {
    fn new_memory(
        &self,
        _: MemoryType,
        minimum: usize,
        maximum: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> std::result::Result<Box<dyn LinearMemory>, String> {
        if reserved.is_some_and(|bytes| bytes > 0) || guard > 0 {
            return Err("neither reserves nor guards memory".into());
        }
        let mut memory = Block { bytes: Vec::new(), maximum, watch: self.clone() };
        memory.grow_to(minimum).map_err(|error| error.to_string())?;
        Ok(Box::new(memory))
    }
}

struct Block {
    bytes: Vec<u8>,
    maximum: Option<usize>,
    watch: Watch,
}

// Sound: what `as_ptr` points to is `byte_size` bytes that live as long as this does and move only in `grow_to`.
unsafe impl LinearMemory for Block {
    fn byte_size(&self) -> usize {
        self.bytes.len()
    }

    fn byte_capacity(&self) -> usize {
        self.bytes.len()
    }

    fn grow_to(&mut self, size: usize) -> Result<()> {
        if self.maximum.is_some_and(|maximum| size > maximum) {
            bail!("a memory cannot grow beyond its maximum");
        }
        self.bytes.resize(size, 0);
        self.watch.0.store(size, Ordering::Relaxed);
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.bytes.as_ptr().cast_mut()
    }
}
