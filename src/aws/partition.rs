//! AWS's partitions: separate clouds with names of their own.

use crate::base::Region;

/// The address of STS in a region. A credential of one partition is unknown in every other, so the region decides.
pub fn sts_endpoint(region: &Region) -> String {
    let domain = match region.as_str() {
        r if r.starts_with("cn-") => "amazonaws.com.cn",
        r if r.starts_with("eusc-") => "amazonaws.eu",
        r if r.starts_with("eu-isoe-") => "cloud.adc-e.uk",
        r if r.starts_with("us-isob-") => "sc2s.sgov.gov",
        r if r.starts_with("us-isof-") => "csp.hci.ic.gov",
        r if r.starts_with("us-iso-") => "c2s.ic.gov",
        _ => "amazonaws.com",
    };
    format!("https://sts.{region}.{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_has_its_own() {
        for (region, endpoint) in [
            ("us-west-2", "https://sts.us-west-2.amazonaws.com"),
            ("us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"),
            ("cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"),
            ("eusc-de-east-1", "https://sts.eusc-de-east-1.amazonaws.eu"),
        ] {
            assert_eq!(sts_endpoint(&region.parse().unwrap()), endpoint);
        }
    }
}
