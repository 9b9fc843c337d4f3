// Prints the key id that the AWS SDK for JavaScript resolves for a profile, and whom AWS takes it for.
// Arguments: the directory whose node_modules hold the SDK, the profile.

const { createRequire } = require("node:module");

const [directory, profile] = process.argv.slice(2);
const sdk = createRequire(`${directory}/package.json`);
const { fromIni } = sdk("@aws-sdk/credential-providers");
const { GetCallerIdentityCommand, STSClient } = sdk("@aws-sdk/client-sts");

async function main() {
  const credentials = fromIni({ profile });
  const { accessKeyId } = await credentials();
  const client = new STSClient({ profile, credentials });
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  console.log(JSON.stringify({ AccessKeyId: accessKeyId, Region: await client.config.region(), Arn }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
