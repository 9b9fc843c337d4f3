//! The AWS that believes in the credentials of this portal: STS GetCallerIdentity.
//!
//! A request is known by the access key id in its signature and by its session token. The signature itself is not
//! recomputed: what is tried here is which credential a client uses, not how it signs.

use super::dice;
use super::form;
use super::issue::Issued;
use super::reply::Reply;
use super::visit::{Call, Visit};

/// `Action=GetCallerIdentity`, in the query or the body.
pub(super) fn answer(visit: &mut Visit<'_>) -> Reply {
    let call = visit.call;
    let body = form::pairs(&String::from_utf8_lossy(&call.body));
    let action = form::value(&body, "Action").or_else(|| call.query("Action"));
    if action != Some("GetCallerIdentity") {
        let action = form::escape_html(action.unwrap_or_default());
        return error(
            400,
            "InvalidAction",
            &format!("Could not find operation {action} for version 2011-06-15"),
        );
    }
    let Some(key_id) = key_id(call) else {
        return error(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    };
    let session_token = call.header("x-amz-security-token").or_else(|| call.query("X-Amz-Security-Token"));
    let issued = visit.state.issuer.find(key_id).filter(|issued| {
        !issued.revoked && session_token.is_some_and(|token| issued.has_session_token(token))
    });
    match issued {
        None => error(403, "InvalidClientTokenId", "The security token included in the request is invalid."),
        Some(issued) if issued.expires <= visit.now() => {
            error(403, "ExpiredToken", "The security token included in the request is expired")
        }
        Some(issued) => Reply::xml(200, identity(visit, issued)),
    }
}

/// An error in the form of AWS's query protocol.
pub(super) fn error(status: u16, code: &str, message: &str) -> Reply {
    Reply::xml(
        status,
        format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>Sender</Type>\n    <Code>{code}</Code>\n    \
             <Message>{message}</Message>\n  </Error>\n  <RequestId>{REQUEST_ID}</RequestId>\n</ErrorResponse>\n"
        ),
    )
}

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const REQUEST_ID: &str = "51b01000-0000-4000-8000-000000000001";

/// The key id of a SigV4 signature, in the header
/// (`AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/sts/aws4_request, …`) or in the query of a presigned URL.
fn key_id(call: &Call) -> Option<&str> {
    let scope = match call.header("authorization") {
        Some(header) => {
            let fields = header.strip_prefix("AWS4-HMAC-SHA256 ")?;
            fields.split(',').find_map(|field| field.trim().strip_prefix("Credential="))?
        }
        None => call.query("X-Amz-Credential")?,
    };
    scope.split('/').next()
}

fn identity(visit: &Visit<'_>, issued: &Issued) -> String {
    let scenario = visit.scenario;
    let (account, partition) = (scenario.account(), scenario.partition.name());
    let (role, session) = (&issued.role, issued.user.email());
    let role_id = dice::text(scenario.seed, role, 0, dice::BASE32, 14);
    format!(
        "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\">\n  <GetCallerIdentityResult>\n    \
         <Arn>arn:{partition}:sts::{account}:assumed-role/{role}/{session}</Arn>\n    \
         <UserId>AROASIM{role_id}:{session}</UserId>\n    <Account>{account}</Account>\n  \
         </GetCallerIdentityResult>\n  <ResponseMetadata>\n    <RequestId>{REQUEST_ID}</RequestId>\n  \
         </ResponseMetadata>\n</GetCallerIdentityResponse>\n"
    )
}
