/**
 * What is taken from Debian: the one place to change when a test needs another server.
 *
 * @module
 */

/** A choice of Debian packages. */
export interface PackageChoice {
  /** The Debian suite they come from; it need not be the suite of the machine. */
  readonly suite: string;
  /** The packages wanted for themselves. What they depend on comes along. */
  readonly packages: readonly string[];
  /** Dependencies that nothing here loads; they are passed off as installed and so stay away. */
  readonly unused: readonly string[];
  /**
   * The programs that will run, as paths below the root; `*` matches any characters. Scripts and
   * statically linked programs may be among them, and stay as they are.
   */
  readonly programs: readonly string[];
  /** Commands that must succeed once all is unpacked; the program is a path below the root. */
  readonly checks: readonly (readonly [string, ...string[]])[];
  /** Paths within the packages that are not unpacked, as patterns of tar. */
  readonly leftOut: readonly string[];
}

/** The servers that the tests and the demo use. */
export const SERVERS: PackageChoice = {
  // Not every release of Debian carries an Asterisk; this one has version 22.
  suite: "forky",
  packages: [
    "asterisk",
    "asterisk-core-sounds-en-gsm",
    "asterisk-moh-opsound-gsm",
    "nats-server",
    "rabbitmq-server",
    // Makes the unpacked programs find the unpacked C library.
    "patchelf",
  ],
  // A name that the suite does not know does no harm; one missing here only costs time and disk.
  unused: [
    // The installing of packages, which never happens.
    ...["adduser", "debconf", "init-system-helpers", "openssl", "perl-base", "procps", "systemd"],
    // The command line tool for a web interface that is not started.
    "rabbitmqadmin-ng",
    // Codecs and audio devices.
    ...["libcodec2-1.2", "libjack-jackd2-0", "libogg0", "libopencore-amrnb0", "libopencore-amrwb0"],
    ...["libopus0", "libopusenc0", "libopusfile0", "libportaudio2", "libspandsp2t64"],
    ...["libvo-amrwbenc0", "libvorbis0a", "libvorbisenc2", "libvorbisfile3"],
    // Databases, directories, calendars and other services.
    ...["libcurl4t64", "libical3t64", "libiksemel3", "libjwt2", "libldap2", "liblua5.1-0"],
    ...["libneon27t64", "libodbc2", "libpq5", "libradcli4", "libsnmp45", "libsybdb5"],
    ...["libunbound8", "libglib2.0-0t64", "libgmime-3.0-0t64"],
  ],
  programs: [
    "usr/sbin/asterisk",
    "usr/sbin/nats-server",
    // RabbitMQ is a program of Erlang, which brings its own programs along.
    "usr/lib/erlang/bin/*",
    "usr/lib/erlang/erts-*/bin/*",
    "usr/lib/erlang/lib/*/priv/bin/*",
  ],
  checks: [["usr/sbin/asterisk", "-V"], ["usr/sbin/nats-server", "--version"]],
  leftOut: [
    "./usr/share/doc",
    "./usr/share/man",
    "./usr/share/locale",
    "./usr/share/asterisk/conf",
    "./usr/lib/*/gconv",
    "./usr/lib/erlang/lib/*/src",
  ],
};
