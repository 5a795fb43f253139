/* SPDX-License-Identifier: Apache-2.0 */
/** What all kinds of providers have in common. */
package io.bascule.security.provider;
