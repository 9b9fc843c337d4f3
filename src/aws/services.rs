//! The services that people open the console for, and where in it each begins.
//!
//! The paths are those to which the console's own menu leads. They belong to pages that people bookmark, so AWS keeps
//! the old ones working when it makes new ones.

/// A service of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// What people type.
    pub name: &'static str,
    /// What else they type.
    pub aliases: &'static [&'static str],
    /// What it is.
    pub description: &'static str,
    /// The path of its page, without a slash in front.
    pub path: &'static str,
    /// The place in the page, without `#`; empty where it is the page itself.
    pub fragment: &'static str,
}

/// Name and description of each service, by name: `("ec2", "EC2: virtual machines")`.
pub fn services() -> &'static [(&'static str, &'static str)] {
    &DESCRIBED
}

/// The service of a name or an alias, in any case.
pub fn service(name: &str) -> Option<&'static Service> {
    let name = name.to_ascii_lowercase();
    SERVICES.iter().find(|one| one.name == name || one.aliases.contains(&name.as_str()))
}

const fn page(
    name: &'static str,
    aliases: &'static [&'static str],
    description: &'static str,
    path: &'static str,
) -> Service {
    Service { name, aliases, description, path, fragment: "" }
}

impl Service {
    const fn at(self, fragment: &'static str) -> Self {
        Self { fragment, ..self }
    }
}

const SERVICES: &[Service] = &[
    page("acm", &["certificates"], "Certificate Manager", "acm/home"),
    page("apigateway", &["apigw", "apig", "api-gateway"], "API Gateway", "apigateway/main/apis"),
    page("athena", &[], "Athena: queries over S3", "athena/home"),
    page("autoscaling", &["asg"], "Auto Scaling groups", "ec2/home").at("AutoScalingGroups:"),
    page("backup", &[], "Backup", "backup/home"),
    page("batch", &[], "Batch", "batch/home"),
    page("bedrock", &[], "Bedrock", "bedrock/home"),
    page("billing", &["costs", "bills"], "Billing and costs", "costmanagement/home"),
    page("cloudformation", &["cfn", "cf"], "CloudFormation: stacks", "cloudformation/home"),
    page("cloudfront", &["cdn"], "CloudFront", "cloudfront/v4/home"),
    page("cloudtrail", &["trail"], "CloudTrail: who did what", "cloudtrailv2/home"),
    page("cloudwatch", &["cw"], "CloudWatch: metrics and alarms", "cloudwatch/home"),
    page("codebuild", &["cb"], "CodeBuild", "codesuite/codebuild/projects"),
    page("codepipeline", &["pipeline"], "CodePipeline", "codesuite/codepipeline/pipelines"),
    page("cognito", &[], "Cognito", "cognito/v2/idp/user-pools"),
    page("dynamodb", &["ddb", "dynamo"], "DynamoDB: tables", "dynamodbv2/home"),
    page("ec2", &["instances"], "EC2: virtual machines", "ec2/home"),
    page("ecr", &["registry"], "ECR: container images", "ecr/repositories"),
    page("ecs", &[], "ECS: containers", "ecs/v2/clusters"),
    page("efs", &[], "EFS: shared file systems", "efs/home"),
    page("eks", &["k8s"], "EKS: Kubernetes", "eks/home"),
    page("elasticache", &["redis", "ec"], "ElastiCache", "elasticache/home"),
    page("elb", &["alb", "nlb", "lb"], "Load balancers", "ec2/home").at("LoadBalancers:"),
    page("emr", &[], "EMR", "emr/home"),
    page("eventbridge", &["events", "eb"], "EventBridge", "events/home"),
    page("glue", &[], "Glue", "glue/home"),
    page("guardduty", &["gd"], "GuardDuty", "guardduty/home"),
    page("iam", &[], "IAM: users, roles, policies", "iam/home"),
    page("kinesis", &[], "Kinesis", "kinesis/home"),
    page("kms", &["keys"], "KMS: keys", "kms/home"),
    page("lambda", &["functions"], "Lambda: functions", "lambda/home"),
    page("logs", &["cwl", "log"], "CloudWatch logs", "cloudwatch/home").at("logsV2:log-groups"),
    page("msk", &["kafka"], "MSK: Kafka", "msk/home"),
    page("opensearch", &["es"], "OpenSearch", "aos/home"),
    page("rds", &["db"], "RDS: databases", "rds/home"),
    page("redshift", &[], "Redshift", "redshiftv2/home"),
    page("route53", &["r53", "dns"], "Route 53: DNS", "route53/v2/home"),
    page("s3", &["buckets"], "S3: buckets", "s3/home"),
    page("sagemaker", &[], "SageMaker", "sagemaker/home"),
    page("secretsmanager", &["sm", "secrets"], "Secrets Manager", "secretsmanager/listsecrets"),
    page("securitygroups", &["sg", "security-groups"], "Security groups", "ec2/home").at("SecurityGroups:"),
    page("ses", &[], "SES: mail", "ses/home"),
    page("sns", &["topics"], "SNS: topics", "sns/v3/home"),
    page("sqs", &["queues"], "SQS: queues", "sqs/v3/home"),
    page("ssm", &["systems-manager"], "Systems Manager", "systems-manager/home"),
    page(
        "ssm-parameters",
        &["params", "param", "parameters"],
        "SSM parameters",
        "systems-manager/parameters",
    ),
    page("stepfunctions", &["sfn", "states"], "Step Functions", "states/home"),
    page("vpc", &["network"], "VPC: networks", "vpcconsole/home"),
    page("waf", &[], "WAF", "wafv2/homev2"),
];

/// Made where the program is: no list is put together each time.
static DESCRIBED: [(&str, &str); SERVICES.len()] = {
    let mut described = [("", ""); SERVICES.len()];
    let mut at = 0;
    while at < SERVICES.len() {
        described[at] = (SERVICES[at].name, SERVICES[at].description);
        at += 1;
    }
    described
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_share_a_name() {
        let all = SERVICES.iter().flat_map(|s| s.aliases.iter().chain([&s.name]));
        let names: BTreeSet<&str> = all.clone().copied().collect();
        assert_eq!(names.len(), all.count());
        assert!(services().is_sorted());
    }

    #[test]
    fn each_is_found_by_every_name() {
        for one in SERVICES {
            for name in one.aliases.iter().chain([&one.name]) {
                assert_eq!(service(name), Some(one));
            }
        }
        assert_eq!(service("EC2").unwrap().path, "ec2/home");
        assert_eq!(service("logs").unwrap().fragment, "logsV2:log-groups");
        for name in ["", "nope", "../x", "ec2/home"] {
            assert_eq!(service(name), None, "{name}");
        }
    }

    #[test]
    fn paths_are_plain() {
        for one in SERVICES {
            let is_plain =
                |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-:".contains(&b));
            assert!(is_plain(one.path) && is_plain(one.fragment), "{}", one.name);
            assert!(!one.path.starts_with('/') && !one.description.contains(['\t', '\n']), "{}", one.name);
        }
    }
}
