"""The directory's pages: services, editing a service, telephones.

Entry points: `services.ServicePages`, `editing.EditPages`, `telephones.TelephonePages`. A page writes nothing itself:
it calls `helpline.directory`, which ensures that two people approve a telephone.
"""
