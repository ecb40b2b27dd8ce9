/**
 * A self-signed certificate for 127.0.0.1 and localhost. It guards nothing.
 *
 * @module
 */

/** The certificate, as PEM. */
export const cert = `-----BEGIN CERTIFICATE-----
MIIBmDCCAT6gAwIBAgIURvEvUgeMdlqiOHkShqX6LN1wSrIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzAwNDIxMloYDzIxMjYxMDMw
MDA0MjEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATzupG+1yO7RoizCCtXHgQVrDfeVBK1k1xkfKuL++J44Dcv+jj6y6Da
kswbDNxacxmZX9vAh6PyMfToqrbaPM7Yo2wwajAdBgNVHQ4EFgQUQ5QXtV+n6spz
fKR1GyRm2uWk5QswHwYDVR0jBBgwFoAUQ5QXtV+n6spzfKR1GyRm2uWk5QswGgYD
VR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0E
AwIDSAAwRQIgBQBGsEuTkBrARKemKSKk74pEh35S4YWnnjUyF7ESkzsCIQCsXAKI
tnPF84806cO4lDI6Jk1NCCRv8fE1dk3JmdJgVg==
-----END CERTIFICATE-----
`;

/** Its key, as PEM. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgl7Dao+KpIGQMKcqp
rgl+RwqC7tUsexEXeKX2vU1hj1WhRANCAATzupG+1yO7RoizCCtXHgQVrDfeVBK1
k1xkfKuL++J44Dcv+jj6y6DakswbDNxacxmZX9vAh6PyMfToqrbaPM7Y
-----END PRIVATE KEY-----
`;
