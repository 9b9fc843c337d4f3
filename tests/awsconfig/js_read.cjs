// Prints what the AWS SDK for JavaScript reads from each file: one JSON object per line.
//
// The argument is the directory whose node_modules hold the SDK. Paths come one a line on stdin, so that a batch of
// any size is one process. Each answer is {"profiles": {name: {key: value}}}.

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
    console.log(JSON.stringify({ profiles: configFile }));
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
