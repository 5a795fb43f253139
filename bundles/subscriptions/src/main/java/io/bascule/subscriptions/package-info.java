/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The subscription tree: it owns which subscriber asked for which topic filter, and answers which subscribers a topic
 * matches, without a lock for those who ask. It never holds a message, a session or a connection, and never delivers
 * anything.
 */
@Export
@Version("1.1.0")
package io.bascule.subscriptions;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
