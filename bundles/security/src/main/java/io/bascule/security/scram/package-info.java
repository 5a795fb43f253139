/* SPDX-License-Identifier: Apache-2.0 */
/** Users by SCRAM-SHA-256 (RFC 5802, RFC 7677): both sides show that they know the password, and neither sends it. */
package io.bascule.security.scram;
