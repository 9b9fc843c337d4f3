// Prints what the AWS SDK for JavaScript reads from each file: one JSON object per line.
//
// The argument is the directory whose node_modules hold the SDK. Paths come one a line on stdin, so that a batch of
// any size is one process. Each answer is {"profiles": {name: {key: value}}}. The SDK reports no errors: from a file
// with a section that it refuses it reads no profile, and that is {"error": text} here.

const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const sdk = createRequire(`${process.argv[2]}/package.json`);
const { loadSharedConfigFiles } = sdk("@smithy/core/config");

async function main() {
  for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    const { configFile } = await loadSharedConfigFiles({
      configFilepath: path,
      filepath: "/nowhere/credentials",
      ignoreCache: true,
    });
    const headers = readFileSync(path, "utf8").split(/\r?\n/).map((line) => line.split(/(^|\s)[;#]/)[0].trim());
    const refused = headers.find((line) => line === "[__proto__]" || line === "[profile __proto__]");
    console.log(JSON.stringify(refused ? { error: refused } : { profiles: configFile }));
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
