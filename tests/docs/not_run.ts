/** A command in the docs that the test of the docs does not run. */
export interface NotRun {
  /** The beginning of the command. */
  readonly command: string;
  /** Why not. */
  readonly why: string;
  /** The test that shows that it works, or what comes closest to it. */
  readonly coveredBy: string;
}

/** All of them. A test fails when one is in no document any more. */
export const notRun: readonly NotRun[] = [
  {
    command: "npx -y deno@2.9.6 task demo",
    why: "starts servers of its own and goes on until Ctrl-C",
    coveredBy: "tests/system/demo_test.ts",
  },
  {
    command: "npx -y deno@2.9.6 task test",
    why: "is the gate that runs this test",
    coveredBy: "scripts/gate.ts",
  },
  ...["deno add jsr:", "npx jsr add"].map((command) => ({
    command,
    why: "adds the published library to a project",
    coveredBy: "tests/client/node_test.ts",
  })),
  ...["docker build", "docker run"].map((command) => ({
    command,
    why: "needs Docker",
    coveredBy: "tests/packaging/dockerfile_test.ts",
  })),
  {
    command: "docker compose",
    why: "needs Docker",
    coveredBy: "tests/packaging/compose_test.ts",
  },
  ...[
    "sha256sum --check",
    "shasum -a 256 --check",
    "gh attestation verify ari-proxy-linux-x64",
    "gh attestation verify ari-proxy-macos-arm64",
    "xattr -d com.apple.quarantine",
    "install -m 755 ari-proxy-linux-x64",
    "install -m 755 ari-proxy-macos-arm64",
  ].map((command) => ({
    command,
    why: "needs the files of a release",
    coveredBy: "tests/packaging/workflows_test.ts",
  })),
  ...["chmod 600 /etc/default/", "install -m 644 packaging/systemd/", "systemctl"].map((
    command,
  ) => ({
    command,
    why: "changes what the system starts",
    coveredBy: "tests/packaging/systemd_test.ts",
  })),
  {
    command: "install -m 644 packaging/man/",
    why: "writes into a folder of the system",
    coveredBy: "tests/cli/man_test.ts",
  },
  {
    command: "ari-proxy completion",
    why: "writes into folders of the system",
    coveredBy: "tests/cli/completion_shells_test.ts",
  },
  {
    command: "rabbitmqctl delete_queue",
    why: "needs queues that the original has left behind",
    coveredBy: "tests/docs/leftovers_test.ts",
  },
  {
    command: "rabbitmqctl purge_queue",
    why: "needs queues that the original has left behind",
    coveredBy: "tests/docs/leftovers_test.ts",
  },
  {
    command: "rabbitmqctl set_permissions",
    why: "needs users of a broker",
    coveredBy: "tests/security/roles_test.ts",
  },
];
