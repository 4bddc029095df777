/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.listener;

/**
 * Whether a listener's handler takes effect once for each message, by a transaction in
 * which the message is recorded as handled, and what tells messages apart.
 *
 * @since 0.1.0
 */
public enum OnceMode {

	/**
	 * Messages are handled at least once.
	 */
	FALSE,

	/**
	 * Effects in the database of the transaction happen once for each message that the
	 * server has stored.
	 */
	TRUE,

	/**
	 * Effects in the database of the transaction happen once for each message id that a
	 * publisher has chosen. Two messages with the same id count as one, so the second is
	 * never handled. A message without an id is told apart as with {@link #TRUE}.
	 */
	MESSAGE_ID

}
