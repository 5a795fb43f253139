/* SPDX-License-Identifier: Apache-2.0 */
/** Users by a JAAS realm, such as Karaf's, and so by what stands behind it. */
package io.bascule.security.jaas;
