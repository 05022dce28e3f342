/**
 * Publishes the packages in dist/vsix, which were made and tried before, to a gallery: all of them, or none where one is missing or wrong.
 * Both galleries take the identity of the workflow that runs this (OpenID Connect); no token is kept anywhere.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Argument, Command, Option } from "commander";
import { contentsOf, faultsOf } from "./packaging/contents.ts";
import { targets } from "./packaging/targets.ts";
import { packageFile } from "./packaging/vsix.ts";

const root = path.resolve(import.meta.dirname, "..");

/** What publishes, and how it is told whose identity to take. What is there already is left, so that a release can be tried again. */
const galleries = {
  marketplace: ["node_modules/@vscode/vsce/vsce", "publish", "--oidc", "--skip-duplicate", "--packagePath"],
  "open-vsx": [
    "scripts/publishing/node_modules/ovsx/bin/ovsx",
    "publish",
    "--trusted-publishing",
    "--skip-duplicate",
    "--packagePath",
  ],
} as const;

const isGallery = (name: string | undefined): name is keyof typeof galleries =>
  name !== undefined && Object.hasOwn(galleries, name);

/** Why these packages cannot be released; none where they can. @param tag of the commit, as v1.2.3; undefined where there is none */
function hindrances(tag: string | undefined): string[] {
  const { version }: { version: string } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const misnamed =
    tag !== undefined && tag !== `v${version}` ? [`The tag is ${tag}, and the manifest says ${version}.`] : [];
  const wrong = targets.flatMap((target) => {
    const file = packageFile(target);
    if (!existsSync(file)) return [`${path.relative(root, file)} is not there; npm run package -- --all makes it.`];
    return faultsOf(target, contentsOf(readFileSync(file))).map((fault) => `${target}: ${fault}`);
  });
  return [...misnamed, ...wrong];
}

const program = new Command("release")
  .description("Publishes the packages in dist/vsix.")
  .addArgument(new Argument("<gallery>", "where to").choices(Object.keys(galleries)))
  .addOption(new Option("--dry-run", "check everything, and say what would be run"))
  .parse();

const [gallery] = program.args;
const found = hindrances(process.env.GITHUB_REF_TYPE === "tag" ? process.env.GITHUB_REF_NAME : undefined);
if (found.length > 0 || !isGallery(gallery)) {
  console.error(found.join("\n"));
  process.exitCode = 1;
} else {
  const command = [...galleries[gallery], ...targets.map((target) => path.relative(root, packageFile(target)))];
  console.log(`node ${command.join(" ")}`);
  if (!program.opts<{ dryRun?: true }>().dryRun)
    process.exitCode = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" }).status ?? 1;
}
