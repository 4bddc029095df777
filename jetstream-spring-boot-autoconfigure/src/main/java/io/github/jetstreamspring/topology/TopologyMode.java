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

package io.github.jetstreamspring.topology;

/**
 * What is done at start-up about streams and consumers that the server lacks or that
 * differ there. Streams and consumers are never deleted.
 *
 * @since 0.1.0
 */
public enum TopologyMode {

	/**
	 * Create what is missing, update what differs, and remove schedules that the
	 * application no longer declares.
	 */
	UPDATE,

	/**
	 * Create what is missing, and log what differs.
	 */
	CREATE,

	/**
	 * Write nothing, and end start-up when something is missing or differs.
	 */
	VALIDATE,

	/**
	 * Neither read nor write.
	 */
	NONE

}
