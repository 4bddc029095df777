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

import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.messaging.ContentEncodings;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import io.github.jetstreamspring.messaging.MessageTypes;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.Connection;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.converter.MessageConverter;

/**
 * Publishes messages, those that were given up on included.
 */
@Configuration(proxyBeanMethods = false)
class PublisherConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JetStreamTemplate jetStreamTemplate(ConnectionBeans beans, Connection connection) {
		return beans.template(connection);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	@ConditionalOnProperty(name = "jetstream.dead-letter.enabled", matchIfMissing = true)
	DeadLetters jetStreamDeadLetters(ConnectionBeans beans, JetStreamTemplate template) {
		return beans.deadLetters(template);
	}

	@Bean
	@ConditionalOnMissingBean
	MessageTypes jetStreamMessageTypes(JetStreamProperties properties) {
		return new MessageTypes(properties.messaging().typeHeader(), properties.messaging().types());
	}

	@Bean
	@ConditionalOnMissingBean
	ContentEncodings jetStreamContentEncodings(JetStreamProperties properties) {
		return new ContentEncodings(properties.messaging().compressAbove(),
				properties.messaging().maxDecompressedSize(), properties.messaging().compression());
	}

	@Bean
	DeclaredStreams jetStreamDeclaredStreams() {
		return new DeclaredStreams();
	}

	/**
	 * Payloads as JSON.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	static class JsonConfiguration {

		// Not for injection, where it would compete with the application's own
		@Bean(name = MessageConverterLookup.DEFAULT_BEAN_NAME, autowireCandidate = false)
		MessageConverter jetStreamDefaultMessageConverter(ObjectProvider<JsonMapper> jsonMapper) {
			JsonMapper own = jsonMapper.getIfAvailable();
			return JetStreamMessageConverters.json((own != null) ? own : JsonMapper.shared());
		}

	}

	/**
	 * Bytes and text, where there is no Jackson.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("tools.jackson.databind.json.JsonMapper")
	static class TextConfiguration {

		// Not for injection, where it would compete with the application's own
		@Bean(name = MessageConverterLookup.DEFAULT_BEAN_NAME, autowireCandidate = false)
		MessageConverter jetStreamDefaultMessageConverter() {
			return JetStreamMessageConverters.text();
		}

	}

}
