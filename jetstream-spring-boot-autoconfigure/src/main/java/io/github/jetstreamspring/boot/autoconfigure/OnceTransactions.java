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

import javax.sql.DataSource;

import io.github.jetstreamspring.listener.OnceUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.TransactionManagementConfigurer;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.StringUtils;

/**
 * The transactions in which messages are recorded as handled.
 *
 * @param manager makes them
 * @param dataSource the database that they are of
 * @param beanFactory has the transaction managers
 */
record OnceTransactions(PlatformTransactionManager manager, DataSource dataSource,
		ConfigurableListableBeanFactory beanFactory) {

	/**
	 * Looks whether what is {@code @Transactional} takes part in them.
	 * @param qualifier what the annotation calls its transaction manager, empty if it
	 * leaves that to the application
	 * @throws OnceUnavailableException if it doesn't
	 */
	void checkJoins(String qualifier) {
		String name = String.valueOf(this.beanFactory.resolveEmbeddedValue(qualifier));
		TransactionManager other = find(name);
		if (other == null || other == this.manager || isOfSameDatabase(other)) {
			return;
		}
		throw new OnceUnavailableException(
				"is @Transactional with %s, whose transactions are not those that say so"
					.formatted(StringUtils.hasLength(name) ? "the transaction manager '" + name + "'"
							: "the application's default transaction manager"),
				"Let jetstream.once.transaction-manager name the one whose database the handlers write to, and have the same one at the handler, or no @Transactional.");
	}

	/**
	 * Returns what Spring will use, or {@code null} if it will fail.
	 */
	private @Nullable TransactionManager find(String name) {
		if (StringUtils.hasLength(name)) {
			try {
				return BeanFactoryAnnotationUtils.qualifiedBeanOfType((BeanFactory) this.beanFactory,
						TransactionManager.class, name);
			}
			catch (NoSuchBeanDefinitionException ex) {
				return null;
			}
		}
		TransactionManagementConfigurer configurer = this.beanFactory
			.getBeanProvider(TransactionManagementConfigurer.class)
			.getIfUnique();
		return (configurer != null) ? configurer.annotationDrivenTransactionManager()
				: this.beanFactory.getBeanProvider(TransactionManager.class).getIfUnique();
	}

	// Those of JDBC take what is there, whoever has begun it
	private boolean isOfSameDatabase(TransactionManager other) {
		return other instanceof ResourceTransactionManager resources
				&& resources.getResourceFactory() == this.dataSource;
	}

}
