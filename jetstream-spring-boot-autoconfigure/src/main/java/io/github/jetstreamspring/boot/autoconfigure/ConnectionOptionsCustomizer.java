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

package io.github.jetstreamspring.boot.autoconfigure;

import io.nats.client.Options;

/**
 * Callback interface that can be implemented by beans wishing to customize the options of
 * connections before they are made. With the name of a connection as its qualifier, and
 * as no default candidate, it is for that connection only.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConnectionOptionsCustomizer {

	/**
	 * Customize the options.
	 * @param options the builder to customize
	 */
	void customize(Options.Builder options);

}
