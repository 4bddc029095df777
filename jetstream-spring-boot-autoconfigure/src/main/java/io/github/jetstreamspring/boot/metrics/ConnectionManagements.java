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

package io.github.jetstreamspring.boot.metrics;

import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;

/**
 * Whom to ask about the consumers of a connection.
 *
 * @param defaultManagement for the connection without a name
 * @param beanFactory has those of named connections
 */
record ConnectionManagements(JetStreamManagement defaultManagement, BeanFactory beanFactory) {

	JetStreamManagement of(@Nullable String connection) {
		return (connection == null) ? this.defaultManagement : BeanFactoryAnnotationUtils
			.qualifiedBeanOfType(this.beanFactory, JetStreamManagement.class, connection);
	}

}
