/* SPDX-License-Identifier: Apache-2.0 */
/** Users by tokens (JWT, RFC 7519) that others have signed. */
package io.bascule.security.jwt;
