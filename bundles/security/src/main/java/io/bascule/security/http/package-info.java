/* SPDX-License-Identifier: Apache-2.0 */
/** Users whom another server knows, which is asked over HTTP. */
package io.bascule.security.http;
