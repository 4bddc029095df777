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
 * State of a listener.
 *
 * @since 0.1.0
 */
public enum ListenerState {

	/**
	 * Not started, or stopped on purpose.
	 */
	STOPPED,

	/**
	 * Looks for its consumer for the first time.
	 */
	STARTING,

	/**
	 * Asks for messages and handles them.
	 */
	RUNNING,

	/**
	 * Was paused on purpose, here or on the server: gets no messages, and finishes those
	 * it has.
	 */
	PAUSED,

	/**
	 * Can't get messages at the moment and tries to.
	 */
	RECOVERING,

	/**
	 * Can't get messages until a person changes something. Looks now and then whether
	 * that has happened, and goes on when it has.
	 */
	FAILED

}
