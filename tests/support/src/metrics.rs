//! A file of metrics, as Prometheus' own library for Python reads it.

use std::{path::Path, process::Command};

use serde_json::Value;

/// Prints what is in the file as JSON: a list of names, labels and values.
const READ: &str = "
import json, sys
from prometheus_client.parser import text_string_to_metric_families
families = text_string_to_metric_families(open(sys.argv[1]).read())
samples = [sample for family in families for sample in family.samples]
print(json.dumps([[sample.name, sample.labels, int(sample.value)] for sample in samples]))
";

/// A value with its name and labels.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The metric.
    pub name: String,
    /// Its labels, an object.
    pub labels: Value,
    /// Its value, rounded down.
    pub value: u64,
}

/// All that is in a file.
#[derive(Debug)]
pub struct Metrics(pub Vec<Sample>);

impl Metrics {
    /// Reads a file, which must be one of metrics and have no line twice.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let output = Command::new("/usr/bin/python3")
            .args(["-c", READ])
            .arg(path)
            .output()
            .unwrap_or_else(|error| panic!("this test needs python3, which does not run: {error}"));
        assert!(
            output.status.success(),
            "{} is not read (the module is in python3-prometheus-client): {}",
            path.display(),
            String::from_utf8_lossy(&output.stderr)
        );
        let samples: Vec<(String, Value, u64)> = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("python3 prints JSON: {error}"));
        let samples: Vec<Sample> = samples
            .into_iter()
            .map(|(name, labels, value)| Sample {
                name,
                labels,
                value,
            })
            .collect();
        for (index, sample) in samples.iter().enumerate() {
            let same =
                |other: &&Sample| (&other.name, &other.labels) == (&sample.name, &sample.labels);
            assert_eq!(
                samples[index..].iter().filter(same).count(),
                1,
                "{sample:?} is there twice"
            );
        }
        Self(samples)
    }

    /// The values of a metric that have all these labels.
    #[must_use]
    pub fn of(&self, name: &str, labels: &[(&str, &str)]) -> Vec<&Sample> {
        let is_wanted = |sample: &&Sample| {
            let mut labels = labels.iter();
            sample.name == name && labels.all(|(label, value)| sample.labels[*label] == *value)
        };
        self.0.iter().filter(is_wanted).collect()
    }

    /// The sum of counts.
    #[must_use]
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let samples = self.of(name, labels);
        samples.iter().map(|sample| sample.value).sum()
    }
}
