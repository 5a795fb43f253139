/* SPDX-License-Identifier: Apache-2.0 */
/** Users by the certificates that they have shown in TLS. */
package io.bascule.security.certificate;
