/** Every environment variable by which systemd tells what it wants. */
export const systemdEnvironment = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;
