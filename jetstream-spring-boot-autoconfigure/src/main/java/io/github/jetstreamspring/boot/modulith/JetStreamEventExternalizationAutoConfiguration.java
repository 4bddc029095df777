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

package io.github.jetstreamspring.boot.modulith;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.publisher.JetStreamTemplate;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.ExternalizationMode;
import org.springframework.modulith.events.support.EventExternalizerModuleListener;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for Spring Modulith: events that are
 * to be externalized are published to JetStream subjects.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = JetStreamAutoConfiguration.class,
		afterName = "org.springframework.modulith.events.config.EventExternalizationAutoConfiguration")
@ConditionalOnClass(EventExternalizerModuleListener.class)
@ConditionalOnBean({ EventExternalizationConfiguration.class, JetStreamTemplate.class })
@ConditionalOnProperty(name = "spring.modulith.events.externalization.enabled", havingValue = "true",
		matchIfMissing = true)
public final class JetStreamEventExternalizationAutoConfiguration {

	JetStreamEventExternalizationAutoConfiguration() {
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static PublicationIdAdvisor jetStreamPublicationIdAdvisor() {
		return new PublicationIdAdvisor();
	}

	@Bean
	@ConditionalOnMissingBean
	JetStreamEventTransport jetStreamEventTransport(JetStreamTemplate template,
			EventExternalizationConfiguration configuration, PublicationIdAdvisor publicationIds,
			BeanFactory beanFactory) {
		StandardEvaluationContext context = new StandardEvaluationContext();
		context.setBeanResolver(new BeanFactoryResolver(beanFactory));
		return new JetStreamEventTransport(template, configuration, publicationIds::take, context);
	}

	// In the other mode an outbox uses the transport
	@Bean
	@ConditionalOnMissingBean(name = "jetStreamEventExternalizer")
	@ConditionalOnProperty(name = ExternalizationMode.PROPERTY, havingValue = "module-listener", matchIfMissing = true)
	EventExternalizerModuleListener jetStreamEventExternalizer(EventExternalizationConfiguration configuration,
			JetStreamEventTransport transport) {
		return new EventExternalizerModuleListener(configuration, transport);
	}

}
