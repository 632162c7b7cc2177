"""The directory's pages: services, adding and editing a service, telephones.

Entry point: the `add_endpoints` of each module. A page writes nothing itself: it calls `helpline.directory`, which
ensures that two people approve a telephone.
"""
