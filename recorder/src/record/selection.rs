//! Which drops the expression of a recording selects: in the kernel as far as possible, and here.

use anyhow::Result;
use droprec_ebpf::record::UNJUDGED;

use crate::{
    decode::Event,
    encode::link::Framing,
    expression::{Expression, translation::Translation},
    plan::Plan,
};

/// What is selected.
pub(super) struct Selection {
    expression: Expression,
    framing: Framing,
    /// Why the kernel half does not judge; none: it does.
    is_here: Option<String>,
    left_out: u64,
}

impl Selection {
    /// `None`: all of it.
    pub(super) fn new(plan: &Plan) -> Result<Option<Self>> {
        let Some(text) = &plan.expression else {
            return Ok(None);
        };
        let link_types = plan.framing.link_types();
        let mut expression = Expression::compile(text, link_types)?;
        for link_type in link_types {
            expression.learn(*link_type);
        }
        Ok(Some(Self {
            expression,
            framing: plan.framing,
            is_here: None,
            left_out: 0,
        }))
    }

    /// Loads the kernel half with the expression, or without it where it has no way to judge by that.
    pub(super) fn load<T>(
        &mut self,
        mut load: impl FnMut(Option<&Translation>) -> Result<T>,
    ) -> Result<T> {
        // The kernel half makes no other frames.
        if self.framing != Framing::Ethernet {
            self.is_here = Some("only Ethernet is judged in the kernel".to_owned());
            return load(None);
        }
        let translation = match self.expression.translated(self.framing.usual().into()) {
            Ok(translation) => translation,
            Err(obstacle) => {
                self.is_here = Some(obstacle.to_string());
                return load(None);
            }
        };
        load(Some(&translation)).or_else(|refusal| {
            // If it takes no more without the expression, that says why.
            let loaded = load(None)?;
            self.is_here = Some(format!("{refusal:#}"));
            Ok(loaded)
        })
    }

    /// Where drops are judged.
    pub(super) fn place(&self) -> String {
        match &self.is_here {
            None => "evaluated in the kernel".to_owned(),
            Some(why) => format!("evaluated in user space: {why}"),
        }
    }

    /// Whether a drop is selected, as it would be in the file.
    pub(super) fn takes(&mut self, event: &Event<'_>) -> bool {
        if self.is_here.is_none() && event.record.flags & UNJUDGED == 0 {
            return true;
        }
        let framed = self.framing.frame(event);
        let is_selected =
            self.expression
                .selects(framed.link_type.into(), framed.pieces(), framed.len);
        self.left_out += u64::from(!is_selected);
        is_selected
    }

    /// Drops that were recorded, and are not selected.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }
}
