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
 * Callback interface that can be implemented by beans wishing to change consumers before
 * they are compared with the server, those that listeners declare included.
 * <p>
 * What a customizer sets takes precedence over what definitions set, and is compared with
 * the server and written like that. It is called once for each definition of a consumer,
 * so it should set the same each time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConsumerConfigurationCustomizer {

	/**
	 * Customize a consumer.
	 * @param stream the name of its stream
	 * @param consumer the consumer, which has a {@link ConsumerDefinition.Builder#name()
	 * name} to tell it by
	 */
	void customize(String stream, ConsumerDefinition.Builder consumer);

}
