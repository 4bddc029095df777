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

package io.github.jetstreamspring.dev;

import java.nio.file.Path;

/**
 * A way to a nats-server.
 */
@FunctionalInterface
interface ServerSource {

	/**
	 * Finds or fetches the program.
	 * @param work an empty folder for what is needed on the way
	 * @return the program, whose version is still to be checked
	 * @throws UnavailableException if this way leads to none
	 */
	Path find(Path work) throws Exception;

}
